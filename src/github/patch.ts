/**
 * The lines that a file's patch adds, with their text, by their number in the new file. The patch has the
 * form of GitHub's REST API: hunks in git's unified format, without the file's header.
 */
export function addedLines(patch: string): Map<number, string> {
  const added = new Map<number, string>();
  let line = 0;
  for (const text of patch.split('\n')) {
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/u.exec(text);
    if (hunk !== null) {
      line = Number(hunk[1]);
    } else if (text.startsWith('+')) {
      added.set(line, text.slice(1));
      line += 1;
    } else if (text.startsWith(' ') || text === '') {
      line += 1;
    }
  }
  return added;
}
