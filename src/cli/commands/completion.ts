/** `gtop completion bash|zsh|fish`: what the shell offers after gtop. */
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';

/** A command (empty: gtop itself) with its flags. */
export interface CompletionRow {
  readonly command: string;
  readonly description: string;
  readonly flags: readonly { readonly flag: string; readonly description: string; readonly takesValue: boolean }[];
}

const SHELLS: Readonly<Record<string, (rows: readonly CompletionRow[]) => string>> = { bash, zsh, fish };

export default async function completion({ flags }: Context): Promise<number> {
  const shell = String(flags.shell);
  const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (write === undefined) throw usageError(`no completions for '${shell}': write bash, zsh or fish`);
  process.stdout.write(write(flags.commands as readonly CompletionRow[]));
  return 0;
}

const commandsOf = (rows: readonly CompletionRow[]): readonly CompletionRow[] => rows.filter(({ command }) => command);

function bash(rows: readonly CompletionRow[]): string {
  const cases = rows.map(({ command, flags }) => {
    const words = [
      ...flags.map(({ flag }) => flag),
      ...(command === '' ? commandsOf(rows).map((row) => row.command) : []),
    ];
    return `    ${command === '' ? '*' : command}) words="${words.join(' ')}" ;;`;
  });
  // The general case last: a shell takes the first that fits.
  const ordered = [...cases.slice(1), ...cases.slice(0, 1)];
  return `# gtop completion bash > /etc/bash_completion.d/gtop
_gtop() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${ordered.join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _gtop gtop gunicorn-top
`;
}

/** What a description must not hold between single quotes. */
const quoted = (text: string): string => text.replaceAll("'", '’');

function zsh(rows: readonly CompletionRow[]): string {
  const specs = ({ flags }: CompletionRow): string =>
    flags
      .map(({ flag, description, takesValue }) => {
        const text = quoted(description).replace(/[[\]:]/g, '\\$&');
        return `      '*${flag}[${text}]${takesValue ? ':value:_files' : ''}' \\`;
      })
      .join('\n');
  const [top] = rows;
  const commands = commandsOf(rows);
  return `#compdef gtop gunicorn-top
# gtop completion zsh > "\${fpath[1]}/_gtop"
_gtop() {
  local -a commands=(
${commands.map(({ command, description }) => `    '${command}:${quoted(description).replaceAll(':', '\\:')}'`).join('\n')}
  )
  case "\${words[2]}" in
${commands.map((row) => `    ${row.command})\n    _arguments \\\n${specs(row)}\n      '*:file:_files'\n    ;;`).join('\n')}
    *)
    _arguments \\
${top === undefined ? '' : specs(top)}
      '1: :{_describe command commands}' '*:file:_files'
    ;;
  esac
}
_gtop "$@"
`;
}

function fish(rows: readonly CompletionRow[]): string {
  const names = commandsOf(rows).map(({ command }) => command);
  const lines = rows.flatMap(({ command, description, flags }) => {
    const condition =
      command === '' ? `not __fish_seen_subcommand_from ${names.join(' ')}` : `__fish_seen_subcommand_from ${command}`;
    const offer =
      command === '' ? [] : [`complete -c gtop -n '__fish_use_subcommand' -a ${command} -d '${quoted(description)}'`];
    return [
      ...offer,
      ...flags.map(
        ({ flag, description: text, takesValue }) =>
          `complete -c gtop -n '${condition}' -l ${flag.slice(2)}${takesValue ? ' -r' : ''} -d '${quoted(text)}'`,
      ),
    ];
  });
  return `# gtop completion fish > ~/.config/fish/completions/gtop.fish\n${lines.join('\n')}\n`;
}
