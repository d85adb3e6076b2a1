import { expect } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Isolation } from '../../src/model/isolation.js';
import { ORDERS } from '../../testing/orders-languages.js';
import { projectRoot } from '../../testing/project-root.js';
import { checkPullRequest } from '../../testing/pull-request-check.js';
import { inTier, type Tier } from '../../testing/tiers.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { LINUX, skipUnless } from '../../testing/skip-unless.js';

/**
 * Workflow code that looks, as it is loaded by the real replayer of its language, for a credential in the
 * environment and in the memory of everybody above it. It leaves a line for each: "environ found".
 */

interface Hunter {
  /** Recorded histories of any kind: the hunt is over before one is replayed. */
  readonly histories: string;
  /** Its workflow type, where it is not one that the application registers. */
  readonly foreignType?: string;
  /** Files of the pull request, relative to the application. */
  readonly files: (bag: string) => Readonly<Record<string, string>>;
}

const FIXTURES = join(projectRoot, '__tests__', 'fixtures', 'histories');

/** In pieces: the code that looks for it must not hold it. */
const CANARY = ['canary-of-', 'the-temporal-credential'] as const;

const read = (path: string): string => readFileSync(join(projectRoot, 'examples', path), 'utf8');

const HUNTERS: Readonly<Record<keyof typeof ORDERS, Hunter>> = {
  typescript: {
    histories: 'orders-1.24.0/order-charging.json',
    // Out of the sandbox by a function of the host, and from there to Node's own modules.
    files: (bag) => ({
      'src/workflows/order.ts': `${read('orders-typescript/src/workflows/order.ts')}
const host = (console.log as any).constructor('return process')();
const fs = host.getBuiltinModule('fs');
const canary = ${JSON.stringify(CANARY)}.join('');
const look = (kind: string, hunt: (pid: string) => boolean): void => {
  for (let pid = String(host.ppid); Number(pid) > 0; ) {
    try {
      if (hunt(pid)) fs.appendFileSync(${JSON.stringify(bag)}, kind + ' found\\n');
    } catch {}
    try {
      pid = /^PPid:\\t(\\d+)/m.exec(fs.readFileSync('/proc/' + pid + '/status', 'utf8'))![1]!;
    } catch {
      break;
    }
  }
  fs.appendFileSync(${JSON.stringify(bag)}, kind + ' looked\\n');
};
look('environ', (pid) => fs.readFileSync('/proc/' + pid + '/environ').includes(canary));
look('memory', (pid) => {
  const line = fs.readFileSync('/proc/' + pid + '/maps', 'utf8').split('\\n').find((one: string) => one.endsWith('[stack]'));
  const [from, to] = line.split(' ')[0].split('-').map((hex: string) => Number.parseInt(hex, 16));
  const bytes = host.getBuiltinModule('buffer').Buffer.alloc(to - from);
  const memory = fs.openSync('/proc/' + pid + '/mem', 'r');
  fs.readSync(memory, bytes, 0, bytes.length, from);
  return bytes.includes(canary);
});
`,
    }),
  },
  python: {
    histories: 'python-orders-1.35.0/order-charging.json',
    files: (bag) => ({
      'orders/workflows/order.py': `${read('orders-python/orders/workflows/order.py')}

def _hunt():
    import os
    canary = "".join(${JSON.stringify(CANARY)}).encode()

    def memory_of(pid):
        with open(f"/proc/{pid}/maps") as maps:
            line = next(one for one in maps if one.rstrip().endswith("[stack]"))
        start, end = (int(part, 16) for part in line.split()[0].split("-"))
        with open(f"/proc/{pid}/mem", "rb", 0) as memory:
            memory.seek(start)
            return memory.read(end - start)

    def environ_of(pid):
        with open(f"/proc/{pid}/environ", "rb") as environ:
            return environ.read()

    with open(${JSON.stringify(bag)}, "a") as bag:
        for kind, look in (("environ", environ_of), ("memory", memory_of)):
            pid = os.getppid()
            while pid > 0:
                try:
                    if canary in look(pid):
                        bag.write(kind + " found\\n")
                except OSError:
                    pass
                with open(f"/proc/{pid}/status") as status:
                    pid = next(int(one.split()[1]) for one in status if one.startswith("PPid:"))
            bag.write(kind + " looked\\n")


try:
    _hunt()
except Exception:
    # Once more in the sandbox, which lets nobody open files.
    pass
`,
    }),
  },
  go: {
    histories: 'commands-go-1.50.0/Timers.json',
    files: (bag) => ({
      'orders/hunt.go': `package orders

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func init() {
	canary := []byte(strings.Join([]string{${CANARY.map((piece) => JSON.stringify(piece)).join(', ')}}, ""))
	bag, err := os.OpenFile(${JSON.stringify(bag)}, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		panic(err)
	}
	defer bag.Close()
	looks := map[string]func(int) []byte{
		"environ": func(pid int) []byte {
			content, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
			return content
		},
		"memory": func(pid int) []byte {
			maps, _ := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
			for _, line := range strings.Split(string(maps), "\\n") {
				var from, to int64
				if !strings.HasSuffix(line, "[stack]") {
					continue
				}
				fmt.Sscanf(line, "%x-%x", &from, &to)
				memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
				if err != nil {
					return nil
				}
				defer memory.Close()
				content := make([]byte, to-from)
				memory.ReadAt(content, from)
				return content
			}
			return nil
		},
	}
	for kind, look := range looks {
		for pid := os.Getppid(); pid > 0; {
			if bytes.Contains(look(pid), canary) {
				fmt.Fprintln(bag, kind, "found")
			}
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, after, _ := strings.Cut(string(status), "PPid:\\t")
			number, _, _ := strings.Cut(after, "\\n")
			pid, _ = strconv.Atoi(number)
		}
		fmt.Fprintln(bag, kind, "looked")
	}
}
`,
    }),
  },
  java: {
    histories: 'java-commands-1.38.0/timers.json',
    // A class is loaded when its workflow begins.
    foreignType: 'timers',
    files: (bag) => ({
      'src/main/java/com/example/orders/OrderWorkflowImpl.java': read(
        'orders-java/src/main/java/com/example/orders/OrderWorkflowImpl.java',
      ).replace(
        'public final class OrderWorkflowImpl implements OrderWorkflow {',
        '$&\n\n    static {\n        Hunt.everybodyAbove();\n    }\n',
      ),
      'src/main/java/com/example/orders/Hunt.java': `package com.example.orders;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

final class Hunt {
    private static final String CANARY = String.join("", ${CANARY.map((piece) => JSON.stringify(piece)).join(', ')});

    static void everybodyAbove() {
        try {
            for (String kind : new String[] {"environ", "memory"}) {
                for (String pid = parentOf("self"); !pid.equals("0"); pid = parentOf(pid)) {
                    if (look(kind, pid)) note(kind + " found");
                }
                note(kind + " looked");
            }
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String parentOf(String pid) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
            if (line.startsWith("PPid:")) return line.substring(5).trim();
        }
        return "0";
    }

    private static boolean look(String kind, String pid) {
        try {
            if (kind.equals("environ")) return holds(Files.readAllBytes(Path.of("/proc", pid, kind)));
            for (String line : Files.readAllLines(Path.of("/proc", pid, "maps"))) {
                if (!line.endsWith("[stack]")) continue;
                String[] range = line.split(" ")[0].split("-");
                long from = Long.parseLong(range[0], 16);
                byte[] bytes = new byte[(int) (Long.parseLong(range[1], 16) - from)];
                try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
                    memory.seek(from);
                    memory.readFully(bytes);
                }
                return holds(bytes);
            }
        } catch (Exception denied) {
            return false;
        }
        return false;
    }

    private static boolean holds(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(CANARY);
    }

    private static void note(String line) throws Exception {
        Files.writeString(
                Path.of(${JSON.stringify(bag)}),
                line + "\\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
`,
    }),
  },
};

/** What is compiled takes long, and hunts no better on the last rung than what is not. */
const TIERS_OF: Readonly<Record<string, { readonly strongest: Tier; readonly last: Tier }>> = {
  typescript: { strongest: 'fast', last: 'fast' },
  python: { strongest: 'middle', last: 'middle' },
  go: { strongest: 'middle', last: 'trust' },
  java: { strongest: 'middle', last: 'trust' },
};

for (const [language, hunter] of Object.entries(HUNTERS)) {
  const orders = ORDERS[language as keyof typeof ORDERS];
  const { strongest = 'middle', last = 'middle' } = TIERS_OF[language] ?? {};
  await inTier(strongest, `workflow code in ${language} that hunts`, async () => {
    const { describe, test } = skipUnless(LINUX, await orders.find());
    describe(`workflow code in ${language} that hunts`, () => {
      test('finds nothing on the strongest rung', async () => {
        const { isolation, found } = await hunt(language, hunter, 'auto');
        expect(found).toEqual(isHeldOff(isolation) ? [] : ['environ', 'memory']);
      });

      inTier(last, `workflow code in ${language} that hunts on the last rung`, () => {
        test('finds on the last rung what docs/security.md says it does', async () => {
          const { isolation, found } = await hunt(language, hunter, 'environment');
          expect(isolation.rung).toBe('environment');
          expect(found).toEqual(isHeldOff(isolation) ? [] : ['environ', 'memory']);
        });
      });
    });
  });
}

/** The rows "environ" and "memory" of the table in docs/security.md. */
function isHeldOff({ rung, sealed, root }: Isolation): boolean {
  switch (rung) {
    case 'namespaced':
    case 'user-namespaced':
      return true;
    case 'no-new-privs':
      return sealed || root;
    case 'environment':
      return sealed;
  }
}

async function hunt(
  language: string,
  { histories, foreignType, files }: Hunter,
  isolation: string,
): Promise<{ readonly isolation: Isolation; readonly found: readonly string[] }> {
  const orders = ORDERS[language as keyof typeof ORDERS];
  const bag = join(await temporaryFolder('bag'), 'bag');
  const workspace = await orders.workspace({ files: files(bag) });
  try {
    const history = await readFile(join(FIXTURES, histories), 'utf8');
    await mkdir(join(workspace.path, 'histories'));
    await writeFile(
      join(workspace.path, 'histories', 'one.json'),
      history.replace(
        `"workflowType":{"name":"${foreignType}"}`,
        '"workflowType":{"name":"order"}',
      ),
    );
    const result = await checkPullRequest(workspace, {
      title: '[compatible-v1.0] Ship faster',
      inputs: { histories: 'histories/one.json', isolation },
      env: { ...(await orders.environment()), TEMPORAL_API_KEY: CANARY.join('') },
      timeoutMs: 280_000,
    });
    if (!existsSync(bag)) throw new Error(`nobody hunted: ${result.stdout}\n${result.stderr}`);
    const lines = readFileSync(bag, 'utf8').split('\n');
    for (const kind of ['environ', 'memory']) expect(lines).toContain(`${kind} looked`);
    const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as {
      isolation: Isolation;
    };
    const found = ['environ', 'memory'].filter((kind) => lines.includes(`${kind} found`));
    return { isolation: report.isolation, found };
  } finally {
    await workspace.remove();
  }
}
