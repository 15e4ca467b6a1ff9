import { execFileSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import completion from '../../../src/cli/commands/completion.ts';
import type { Context } from '../../../src/cli/context.ts';
import { parseCommandLine } from '../../../src/cli/program.ts';

/** What `gtop completion SHELL` prints. */
async function script(shell: string): Promise<string> {
  const invocation = parseCommandLine(['completion', shell]);
  if ('print' in invocation) throw new Error('a help text instead of an invocation');
  let printed = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  try {
    await completion({ flags: invocation.flags } as Context);
  } finally {
    write.mockRestore();
  }
  return printed;
}

describe('completions', () => {
  it('of bash offer commands, and the flags of the command that is being typed', async () => {
    const text = await script('bash');
    const offered = (...words: string[]): string[] =>
      execFileSync(
        'bash',
        [
          '-c',
          `${text}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gtop; printf '%s\\n' "\${COMPREPLY[@]}"`,
          '-',
          ...words,
        ],
        { encoding: 'utf8', cwd: '/' },
      ).split('\n');
    expect(offered('gtop', 'rep')).toEqual(expect.arrayContaining(['report', 'replay']));
    expect(offered('gtop', '--err')).toContain('--error-log');
    expect(offered('gtop', 'report', '--max')).toContain('--max-lines');
    expect(offered('gtop', 'report', '--err')).not.toContain('--error-log');
  });

  it('of zsh and fish name every command and flag', async () => {
    const [zsh, fish] = [await script('zsh'), await script('fish')];
    for (const word of ['report', 'stream', '--error-log', '--max-lines', '--speed']) {
      expect(zsh).toContain(word);
      expect(fish).toContain(word.replace(/^--/, '-l '));
    }
  });

  it('of another shell are refused', async () => {
    await expect(script('tcsh')).rejects.toThrow("no completions for 'tcsh': write bash, zsh or fish");
  });
});
