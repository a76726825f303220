// Compares responses with the types of CoinGecko's own client, which are generated from the vendor's OpenAPI description. The TypeScript
// compiler finds fields that are missing, have another type, are null although they must not be, or are unknown to the vendor.
import path from 'node:path';
import ts from 'typescript';

const declared = {
  ping: "Coingecko['ping']['get']",
  price: "Coingecko['simple']['price']['get']",
  tokenPrice: "Coingecko['simple']['tokenPrice']['getID']",
  currencies: "Coingecko['simple']['supportedVsCurrencies']['get']",
  list: "Coingecko['coins']['list']['get']",
  inactive: "Coingecko['coins']['list']['get']",
  markets: "Coingecko['coins']['markets']['get']",
  coin: "Coingecko['coins']['getID']",
  contract: "Coingecko['coins']['contract']['get']",
  chart: "Coingecko['coins']['marketChart']['get']",
  chartRange: "Coingecko['coins']['marketChart']['getRange']",
  candles: "Coingecko['coins']['ohlc']['get']",
  platforms: "Coingecko['assetPlatforms']['get']",
  search: "Coingecko['search']['get']",
  rates: "Coingecko['exchangeRates']['get']",
  global: "Coingecko['global']['get']",
  key: "Coingecko['key']['get']",
};

/** The differences between the responses and the declared types, one line each. */
export function mismatches(answers) {
  const names = Object.keys(declared);
  const lines = [
    "import type Coingecko from '@coingecko/coingecko-typescript';",
    'type Answer<M extends (...parameters: never[]) => unknown> = Awaited<ReturnType<M>>;',
    ...names.map((name) => `export const ${name}: Answer<${declared[name]}> = ${JSON.stringify(answers[name], null, 1)};`),
  ];
  const file = path.resolve('answers.ts');
  const options = {
    noEmit: true, strict: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, lines.join('\n'), version) : getSourceFile.call(host, name, version);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  const found = program.getSemanticDiagnostics(source).map(({ start, length, messageText }) => {
    const statement = source.statements.find(({ pos, end }) => pos <= start && start < end);
    const answer = statement.declarationList?.declarations[0].name.text ?? 'import';
    return `${answer} ${source.text.slice(start, start + length)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  return [...new Set(found)];
}
