import { describe, expect, it } from 'vitest';
import { ReportedError } from '../../../src/cli/errors.ts';
import { parseCommandLine } from '../../../src/cli/program.ts';

const complaint = (...argv: string[]): string => {
  try {
    parseCommandLine(argv);
  } catch (error) {
    expect(error).toBeInstanceOf(ReportedError);
    expect((error as ReportedError).exitCode).toBe(2);
    return (error as ReportedError).message;
  }
  throw new Error('was accepted');
};

describe('the command line', () => {
  it('is the dashboard when no command is named', () => {
    expect(parseCommandLine(['--pid', 'g.pid', '-l', 'a.log'])).toEqual({
      command: 'top',
      flags: { pid: ['g.pid'], log: ['a.log'] },
    });
  });

  it('collects options that may be repeated, in their order', () => {
    expect(parseCommandLine(['-l', 'a', '--log', 'b'])).toMatchObject({ flags: { log: ['a', 'b'] } });
  });

  it('takes - as a value: standard input', () => {
    expect(parseCommandLine(['--log', '-'])).toMatchObject({ flags: { log: ['-'] } });
  });

  it('takes display options before and after the demo command', () => {
    expect(parseCommandLine(['demo', '--theme', 'mono'])).toMatchObject({ command: 'demo', flags: { theme: 'mono' } });
    expect(parseCommandLine(['--theme', 'mono', 'demo'])).toMatchObject({ command: 'demo', flags: { theme: 'mono' } });
  });

  it('turns --no-routes and --no-config round', () => {
    expect(parseCommandLine(['--no-routes', '--no-config'])).toMatchObject({
      flags: { noRoutes: true, config: false },
    });
  });

  it('answers a slip with one line and what was probably meant', () => {
    expect(complaint('--widnow', '5m')).toBe("unknown option '--widnow', did you mean --window?");
    expect(complaint('dmeo')).toBe("unknown command 'dmeo', did you mean 'demo'?");
    expect(complaint('--log')).toBe("option '-l, --log <FILE|->' argument missing");
    expect(complaint('package.json')).toBe("'package.json' is no command: a log is named by --log FILE");
    expect(complaint('stream', 'access.log')).toBe(
      "too many arguments for 'stream'. Expected 0 arguments but got 1: a log is named by --log FILE",
    );
    expect(complaint('demo', 'access.log')).toBe("too many arguments for 'demo'. Expected 0 arguments but got 1.");
    expect(complaint('--sideways')).toBe("unknown option '--sideways'");
  });

  it('prints version and help', () => {
    expect(parseCommandLine(['--version'])).toEqual({ print: '0.0.0\n' });
    const help = parseCommandLine(['--help']);
    expect('print' in help && help.print).toMatchSnapshot();
  });
});
