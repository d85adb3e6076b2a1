/** @tier middle */
import type { it } from '@jest/globals';
import { expect, jest } from '@jest/globals';
import type { DriftRecord } from '../../src/diagnosis/drift.js';
import {
  COMMANDS_JAVA,
  commandsJavaWorkspace,
  NOT_IN_1_20,
  type CommandsJavaOptions,
} from '../../testing/java-commands.js';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { fixtureNames } from '../fixtures/histories.js';
import { kindsThatTell, review, TELLING, toldIn } from './drift-in-histories.js';
import { commandsJavaHistory } from './java-application.js';
import { JavaReplayer } from './java-replayer.js';

jest.setTimeout(300_000);

/** Found out at once: a test that cannot run is skipped before it begins. */
const SDKS: Readonly<Record<string, Awaited<ReturnType<typeof findJavaSdk>>>> = {
  [JAVA_SDKS.newest]: await findJavaSdk(JAVA_SDKS.newest),
  [JAVA_SDKS.oldest]: await findJavaSdk(JAVA_SDKS.oldest),
};

interface RecordingOptions extends CommandsJavaOptions {
  /** Release that wrote the histories. */
  readonly of?: string;
  /** Release that replays them. */
  readonly by?: string;
  readonly workflows?: string;
  readonly names?: readonly string[];
}

/** All histories of a release, recorded on code that may be another one than theirs. */
async function recorded({
  of = JAVA_SDKS.newest,
  by = of,
  workflows,
  names,
  ...application
}: RecordingOptions = {}): Promise<DriftRecord[]> {
  const sdk = required(SDKS[by] ?? { available: false, reason: `there is no SDK ${by}` });
  const workspace = await commandsJavaWorkspace(sdk, application);
  const replayer = await JavaReplayer.start(workspace.application, {
    ...(workflows === undefined ? {} : { workflows }),
    environment: { REPLAY_CLASSPATH: `target/classes:${sdk.classPath}` },
  });
  const set = `java-commands-${of}`;
  const records: DriftRecord[] = [];
  for (const name of names ?? fixtureNames(set)) {
    const { read } = commandsJavaHistory(name, undefined, set);
    const result = await replayer.replay({ read }, true);
    expect({ name, ...result }).toMatchObject({ outcome: 'passed' });
    records.push({ execution: read.execution, history: read.history.bytes, result });
  }
  await replayer.stop();
  await workspace.remove();
  return records;
}

const whenThere = (version: string): typeof it =>
  skipUnless(SDKS[version] ?? { available: false, reason: version }).it;

/** What servers and SDKs fill in is no difference. */
for (const { of, by, more } of [
  { of: JAVA_SDKS.newest, by: JAVA_SDKS.newest, more: ['ModifyWorkflowProperties'] },
  { of: JAVA_SDKS.oldest, by: JAVA_SDKS.oldest, more: [] },
  { of: JAVA_SDKS.oldest, by: JAVA_SDKS.newest, more: [] },
]) {
  whenThere(by)(`unchanged code shows no drift: Java SDK ${of}, replayed by ${by}`, async () => {
    const records = await recorded({
      of,
      by,
      ...(of === JAVA_SDKS.oldest ? { edits: NOT_IN_1_20 } : {}),
    });
    expect(kindsThatTell(records)).toEqual(
      [...TELLING, ...more, 'ScheduleLocalActivity', 'UpdateResponse'].sort(),
    );
    expect(review(records)).toEqual({ differences: [], undecoded: [] });
  });
}

whenThere(JAVA_SDKS.newest)(
  'what commands of Java code carry otherwise than history holds is told',
  async () => {
    const records = await recorded({
      edits: [
        [
          'ActivitiesImpl.java',
          '.setStartToCloseTimeout(Duration.ofSeconds(10))',
          '.setStartToCloseTimeout(Duration.ofMinutes(1)).setRetryOptions(io.temporal.common.RetryOptions.newBuilder().setMaximumAttempts(3).build())',
        ],
        ['ActivitiesImpl.java', 'clerk.greet("one")', 'clerk.greet("uno")'],
        ['ActivitiesImpl.java', 'clerk.greet("three")', 'clerk.greet("tre")'],
        ['ActivitiesImpl.java', 'local.greet("local")', 'local.greet("here")'],
        ['ActivitiesImpl.java', 'String.class, "four")', 'String.class, "five")'],
        ['ActivitiesImpl.java', 'return two.get() +', 'return "and " + two.get() +'],
        ['TimersImpl.java', 'Duration.ofMillis(20)', 'Duration.ofMillis(25)'],
        ['TimersImpl.java', 'Duration.ofHours(3)', 'Duration.ofHours(4)'],
        ['AttributesImpl.java', 'valueSet("ada")', 'valueSet("bob")'],
        ['AttributesImpl.java', '"note", "first"', '"note", "last"'],
        [
          'ChildrenImpl.java',
          '.setWorkflowId(Workflow.getInfo().getWorkflowId() + "-first")',
          '.setWorkflowId(Workflow.getInfo().getWorkflowId() + "-first").setParentClosePolicy(io.temporal.api.enums.v1.ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON).setMemo(java.util.Collections.singletonMap("a", 1))',
        ],
        ['ChildrenImpl.java', 'go("external")', 'go("outside")'],
        ['WaitingImpl.java', 'return sum;', 'return -sum;'],
        ['EndingsImpl.java', 'continueAsNew(left - 1)', 'continueAsNew(left - 2)'],
        ['EndingsImpl.java', '"as it should", "Expected"', '"as it must", "Awaited"'],
      ],
    });
    expect(toldIn(records)).toEqual(
      [
        'a timer: startToFireTimeout, 20 ms became 25 ms',
        'a timer: startToFireTimeout, 3 h became 4 h',
        'activity Greet: argument 1',
        'activity Greet: retryPolicy.maximumAttempts, not set became 3',
        'activity Greet: startToCloseTimeout, 10 s became 1 m',
        'activity Hang: retryPolicy.maximumAttempts, not set became 3',
        'activity Hang: startToCloseTimeout, 10 s became 1 m',
        "an update's completion: result",
        'an upsert of search attributes: search attribute Customer',
        'an upsert of the memo: memo note',
        'child workflow child: memo a',
        'child workflow child: parentClosePolicy, TERMINATE became ABANDON',
        'continue-as-new of continued: argument 1',
        'local activity Greet: argument 1',
        'signal go to another workflow: argument 1',
        "the workflow's completion: result",
        "the workflow's failure: failure message",
        "the workflow's failure: failure type, Expected became Awaited",
      ].sort(),
    );
  },
);

/**
 * A worker's converter: what it turns text into, and what a codec then makes of it. The codec writes each payload
 * otherwise each time, as one that encrypts.
 */
const CONVERTERS = `package com.example.commands;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import io.temporal.common.converter.NullPayloadConverter;
import io.temporal.common.converter.PayloadConverter;
import io.temporal.common.converter.ProtobufJsonPayloadConverter;
import io.temporal.payload.codec.PayloadCodec;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

public class Converters {
  private static final ByteString SEALED = ByteString.copyFromUtf8("binary/sealed");

  public static WorkflowClientOptions worded() {
    return with(converter(false));
  }

  public static WorkflowClientOptions salted() {
    return with(converter(true));
  }

  public static WorkflowClientOptions sealed() {
    return with(new CodecDataConverter(converter(false), Collections.singletonList(new Sealing()), true));
  }

  private static WorkflowClientOptions with(DataConverter converter) {
    return WorkflowClientOptions.newBuilder().setDataConverter(converter).build();
  }

  private static DataConverter converter(boolean isSalted) {
    return new DefaultDataConverter(
        new NullPayloadConverter(), new Words(isSalted), new ProtobufJsonPayloadConverter(), new JacksonJsonPayloadConverter());
  }

  /** Texts as they are, where JSON would quote them; and it still reads what is quoted. */
  static class Words implements PayloadConverter {
    private final boolean isSalted;

    Words(boolean isSalted) {
      this.isSalted = isSalted;
    }

    @Override
    public String getEncodingType() {
      return "text/words";
    }

    @Override
    public Optional<Payload> toData(Object value) {
      if (!(value instanceof String)) return Optional.empty();
      String text = (isSalted ? UUID.randomUUID() : "") + "|" + value;
      return Optional.of(
          Payload.newBuilder()
              .putMetadata("encoding", ByteString.copyFromUtf8(getEncodingType()))
              .setData(ByteString.copyFromUtf8(text))
              .build());
    }

    @Override
    public <T> T fromData(Payload content, Class<T> valueClass, Type valueType) {
      String text = content.getData().toStringUtf8();
      return valueClass.cast(text.substring(text.indexOf('|') + 1));
    }
  }

  static class Sealing implements PayloadCodec {
    @Override
    public List<Payload> encode(List<Payload> payloads) {
      return payloads.stream()
          .map(
              payload ->
                  Payload.newBuilder()
                      .putMetadata("encoding", SEALED)
                      .putMetadata("salt", ByteString.copyFromUtf8(UUID.randomUUID().toString()))
                      .setData(payload.toByteString())
                      .build())
          .collect(Collectors.toList());
    }

    @Override
    public List<Payload> decode(List<Payload> payloads) {
      return payloads.stream().map(Sealing::opened).collect(Collectors.toList());
    }

    private static Payload opened(Payload payload) {
      if (!SEALED.equals(payload.getMetadataMap().get("encoding"))) return payload;
      try {
        return Payload.parseFrom(payload.getData());
      } catch (com.google.protobuf.InvalidProtocolBufferException error) {
        throw new IllegalArgumentException(error);
      }
    }
  }
}
`;

const WITH_CONVERTERS = { files: { [`${COMMANDS_JAVA}/Converters.java`]: CONVERTERS } };

/** Of the kinds whose contents are told, those whose commands are not. */
function untold(records: readonly DriftRecord[]): string[] {
  const commands = records.flatMap(({ result }) => result.commands ?? []);
  const kinds: readonly string[] = [...TELLING, 'ScheduleLocalActivity'];
  return [
    ...new Set(
      commands
        .filter(({ command, carries }) => kinds.includes(command) && carries === undefined)
        .map(({ command }) => command),
    ),
  ].sort();
}

for (const version of [JAVA_SDKS.newest, JAVA_SDKS.oldest]) {
  const application = {
    ...WITH_CONVERTERS,
    of: version,
    edits: version === JAVA_SDKS.oldest ? NOT_IN_1_20 : [],
    names: ['activities', 'children', 'continued', 'failing', 'timers', 'waiting'],
  };

  whenThere(version)(
    `payloads are compared as they were before the codec of the application: ${version}`,
    async () => {
      const records = await recorded({
        ...application,
        workflows: 'com.example.commands.Converters#sealed',
        edits: [
          ...application.edits,
          ['TimersImpl.java', 'Duration.ofMillis(20)', 'Duration.ofMillis(25)'],
        ],
      });
      // Text was JSON in history and is not for this converter, and both are to be read: numbers are as they were.
      expect(toldIn(records)).toEqual(
        [
          'a timer: startToFireTimeout, 20 ms became 25 ms',
          'activity Greet: argument 1',
          'local activity Greet: argument 1',
          'signal go to another workflow: argument 1',
          "the workflow's completion: result",
        ].sort(),
      );
      // With the message this codec also seals the stack.
      expect(untold(records)).toEqual(['FailWorkflowExecution']);
    },
  );

  whenThere(version)(
    `an encoding of the application's own is compared as it is, unless it is another each time: ${version}`,
    async () => {
      const worded = await recorded({
        ...application,
        workflows: 'com.example.commands.Converters#worded',
      });
      expect(toldIn(worded)).toContain('activity Greet: argument 1');
      expect(untold(worded)).toEqual([]);
      const salted = await recorded({
        ...application,
        workflows: 'com.example.commands.Converters#salted',
      });
      expect(review(salted)).toEqual({ differences: [], undecoded: [] });
      expect(untold(salted)).toEqual(
        expect.arrayContaining(['ScheduleActivityTask', 'ScheduleLocalActivity']),
      );
    },
  );
}
