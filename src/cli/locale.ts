/** Whether the terminal takes UTF-8, by locale(7): `LC_ALL`, then `LC_CTYPE`, then `LANG`; none set is the C locale. */
export function isUtf8Locale(environment: NodeJS.ProcessEnv): boolean {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || 'C';
  return /utf-?8/i.test(locale);
}
