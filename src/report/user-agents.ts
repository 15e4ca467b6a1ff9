/** Families of user agents: which browser, which operating system, or which program. */

export interface AgentFamily {
  /** For example `Chrome`, `curl`, `Googlebot`; `other` when nothing is recognised. */
  readonly browser: string;
  /** For example `Windows`, `iOS`; null for programs that do not tell. */
  readonly system: string | null;
  readonly kind: 'browser' | 'bot' | 'tool' | 'other';
}

type Row = readonly [pattern: RegExp, name: string];

/** Crawlers and monitors. Before browsers, because many of them say `Mozilla/5.0 … Chrome/…` as well. */
const BOTS: readonly Row[] = [
  [/Googlebot|Google-InspectionTool|AdsBot-Google|Storebot-Google|GoogleOther/, 'Googlebot'],
  [/bingbot|BingPreview/i, 'Bingbot'],
  [/YandexBot|Yandex\w+\//, 'YandexBot'],
  [/Baiduspider/i, 'Baiduspider'],
  [/DuckDuckBot|DuckAssistBot/, 'DuckDuckBot'],
  [/Applebot/, 'Applebot'],
  [/AhrefsBot|AhrefsSiteAudit/, 'AhrefsBot'],
  [/SemrushBot/, 'SemrushBot'],
  [/MJ12bot/, 'MJ12bot'],
  [/PetalBot/, 'PetalBot'],
  [/GPTBot|ChatGPT-User|OAI-SearchBot/, 'OpenAI'],
  [/ClaudeBot|Claude-User|Claude-SearchBot|anthropic-ai/, 'ClaudeBot'],
  [/PerplexityBot|Perplexity-User/, 'PerplexityBot'],
  [/CCBot/, 'CCBot'],
  [/Bytespider/, 'Bytespider'],
  [/Amazonbot/, 'Amazonbot'],
  [/facebookexternalhit|meta-externalagent|FacebookBot/i, 'Facebook'],
  [/Twitterbot/, 'Twitterbot'],
  [/LinkedInBot/, 'LinkedInBot'],
  [/Slackbot/, 'Slackbot'],
  [/TelegramBot/, 'TelegramBot'],
  [/Discordbot/, 'Discordbot'],
  [/UptimeRobot/, 'UptimeRobot'],
  [/Pingdom/, 'Pingdom'],
  [/kube-probe/, 'kube-probe'],
  [/ELB-HealthChecker/, 'ELB-HealthChecker'],
  [/GoogleHC/, 'GoogleHC'],
  [/Prometheus\//, 'Prometheus'],
  [/Blackbox[- ]Exporter/i, 'Blackbox exporter'],
  [/Nagios|check_http/i, 'Nagios'],
  [/zgrab|masscan|Nmap|nuclei|sqlmap|Nikto|CensysInspect|Expanse/i, 'scanner'],
  [/bot\b|crawler|spider|slurp|archiver/i, 'other bot'],
];

/** Programs and libraries. */
const TOOLS: readonly Row[] = [
  [/^curl\//, 'curl'],
  [/^Wget\//i, 'Wget'],
  [/^python-requests\//, 'python-requests'],
  [/^python-httpx\//, 'httpx'],
  [/aiohttp\//, 'aiohttp'],
  [/^Python-urllib\//, 'Python urllib'],
  [/^python-urllib3\//, 'urllib3'],
  [/^Go-http-client\//, 'Go-http-client'],
  [/^okhttp\//, 'okhttp'],
  [/^Apache-HttpClient\//, 'Apache-HttpClient'],
  [/^Java\//, 'Java'],
  [/^axios\//, 'axios'],
  [/^node(-fetch)?\b|^undici/, 'Node.js'],
  [/^PostmanRuntime\//, 'Postman'],
  [/^insomnia\//i, 'Insomnia'],
  [/^HTTPie\//, 'HTTPie'],
  [/^ApacheBench\//, 'ApacheBench'],
  [/^hey\/|^wrk\b|^k6\/|^vegeta/i, 'load generator'],
  [/^GuzzleHttp\//, 'Guzzle'],
  [/^Ruby$|^Faraday/, 'Ruby'],
];

/** In the order in which one hides behind the other: Edge says Chrome, Chrome says Safari. */
const BROWSERS: readonly Row[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Vivaldi\//, 'Vivaldi'],
  [/YaBrowser\//, 'Yandex Browser'],
  [/UCBrowser\//, 'UC Browser'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bHeadlessChrome\//, 'Headless Chrome'],
  [/\bChrome\/|\bCriOS\/|\bChromium\//, 'Chrome'],
  [/\bMSIE |\bTrident\//, 'Internet Explorer'],
  [/\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly Row[] = [
  [/iPhone|iPad|iPod/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh|Darwin/, 'macOS'],
  [/Linux|X11/, 'Linux'],
  [/BSD\b/, 'BSD'],
];

/** Attackers choose the length; families are told at the start. */
const MOST_CHARACTERS = 512;

const find = (table: readonly Row[], text: string): string | null =>
  table.find(([pattern]) => pattern.test(text))?.[1] ?? null;

export function familyOf(userAgent: string): AgentFamily {
  const text = userAgent.slice(0, MOST_CHARACTERS);
  const bot = find(BOTS, text);
  if (bot !== null) return { browser: bot, system: null, kind: 'bot' };
  const system = find(SYSTEMS, text);
  const tool = find(TOOLS, text);
  if (tool !== null) return { browser: tool, system, kind: 'tool' };
  const browser = find(BROWSERS, text);
  return browser === null ? { browser: 'other', system, kind: 'other' } : { browser, system, kind: 'browser' };
}
