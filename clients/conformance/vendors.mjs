// Calls the vendors' own clients, unmodified, for every route that the service supports; prints what they returned, by name, and where that
// differs from the declared types.
import http from 'node:http';
import Coingecko from '@coingecko/coingecko-typescript';
import { CoinGeckoClient } from 'coingecko-api-v3';
import CoinpaprikaAPI from '@coinpaprika/api-nodejs-client';
import { mismatches } from './shapes.mjs';

const service = new URL(process.argv[2]);
const results = {};
const call = async (name, run) => {
  try {
    results[name] = await run();
  } catch (error) {
    results[name] = { status: error.status ?? null, message: String(error.message), body: error.error ?? null };
  }
};

const gecko = new Coingecko({
  baseURL: `${service.origin}/api/v3`, environment: undefined, demoAPIKey: 'any', proAPIKey: null, maxRetries: 0,
});
await call('ping', () => gecko.ping.get());
await call('price', () => gecko.simple.price.get({
  ids: 'bitcoin,tether', vs_currencies: 'usd,eur', include_market_cap: true, include_24hr_vol: true, include_24hr_change: true,
  include_last_updated_at: true,
}));
await call('priceByName', () => gecko.simple.price.get({ names: 'Bitcoin', vs_currencies: 'usd', precision: '0' }));
await call('priceBySymbol', () => gecko.simple.price.get({ symbols: 'btc', vs_currencies: 'usd' }));
await call('tokenPrice', () => gecko.simple.tokenPrice.getID('ethereum', {
  contract_addresses: '0xDAC17F958D2EE523A2206206994597C13D831EC7', vs_currencies: 'usd',
}));
await call('currencies', () => gecko.simple.supportedVsCurrencies.get());
await call('list', () => gecko.coins.list.get({ include_platform: true }));
await call('inactive', () => gecko.coins.list.get({ status: 'inactive' }));
await call('markets', () => gecko.coins.markets.get({ vs_currency: 'usd', sparkline: true, price_change_percentage: '1h,24h,7d,30d' }));
await call('marketsInEuro', () => gecko.coins.markets.get({ vs_currency: 'eur', per_page: 1, page: 2, order: 'market_cap_desc' }));
await call('coin', () => gecko.coins.getID('bitcoin', { sparkline: true }));
await call('contract', () => gecko.coins.contract.get('0xdac17f958d2ee523a2206206994597c13d831ec7', { id: 'ethereum' }));
await call('chart', () => gecko.coins.marketChart.get('bitcoin', { vs_currency: 'usd', days: 'max' }));
await call('chartRange', () => gecko.coins.marketChart.getRange(
  'bitcoin', { vs_currency: 'usd', from: '2026-11-19T12:00', to: '2026-11-20T12:00' }));
await call('candles', () => gecko.coins.ohlc.get('bitcoin', { vs_currency: 'usd', days: 'max' }));
await call('platforms', () => gecko.assetPlatforms.get());
await call('search', () => gecko.search.get({ query: 'bit' }));
await call('rates', () => gecko.exchangeRates.get());
await call('global', () => gecko.global.get());
await call('key', () => gecko.key.get());
await call('missing', () => gecko.coins.getID('no-such-coin'));
await call('refused', () => gecko.coins.markets.get({ vs_currency: 'xxx' }));

// This client only speaks TLS, unless its options replace the agent with one for plain HTTP.
const v3 = new CoinGeckoClient({
  autoRetry: false,
  extraHTTPSOptions: { protocol: 'http:', agent: new http.Agent(), host: service.hostname, port: service.port },
});
await call('v3 ping', () => v3.ping());
await call('v3 simplePrice', () => v3.simplePrice({ ids: 'bitcoin', vs_currencies: 'usd' }));
await call('v3 simpleTokenPrice', () => v3.simpleTokenPrice({
  id: 'ethereum', contract_addresses: '0xdac17f958d2ee523a2206206994597c13d831ec7', vs_currencies: 'usd',
}));
await call('v3 currencies', () => v3.simpleSupportedCurrencies());
await call('v3 coinList', () => v3.coinList({ include_platform: false }));
await call('v3 coinMarket', () => v3.coinMarket({ vs_currency: 'usd', ids: 'bitcoin' }));
await call('v3 coinId', () => v3.coinId({ id: 'bitcoin', market_data: false, tickers: false, localization: false }));
await call('v3 chart', () => v3.coinIdMarketChart({ id: 'bitcoin', vs_currency: 'usd', days: 'max' }));
await call('v3 chartRange', () => v3.coinIdMarketChartRange({ id: 'bitcoin', vs_currency: 'usd', from: 1795089600, to: 1795176000 }));
await call('v3 ohlc', () => v3.coinIdOHLC({ id: 'bitcoin', vs_currency: 'usd', days: 'max' }));
await call('v3 contract', () => v3.contract({ id: 'ethereum', contract_address: '0xdac17f958d2ee523a2206206994597c13d831ec7' }));
await call('v3 search', () => v3.search({ query: 'bit' }));
await call('v3 rates', () => v3.exchangeRates());
await call('v3 global', () => v3.global());

const paprika = new CoinpaprikaAPI();
paprika.url = `${service.origin}/compat/coinpaprika/v1`;
await call('paprika coins', () => paprika.getCoins());
await call('paprika coin', () => paprika.getCoin('usdt-tether'));
await call('paprika tickers', () => paprika.getAllTickers({ quotes: ['USD', 'EUR'] }));
await call('paprika allTickers', () => paprika.getAllTickers());
await call('paprika ticker', () => paprika.getAllTickers({ coinId: 'btc-bitcoin' }));
await call('paprika historical', () => paprika.getAllTickers({
  coinId: 'btc-bitcoin', historical: { start: '2026-11-19', end: '2026-11-21', interval: '1d' },
}));
await call('paprika candles', () => paprika.getCoinsOHLCVHistorical({ coinId: 'btc-bitcoin', start: '2026-11-19', end: '2026-11-21' }));
await call('paprika global', () => paprika.getGlobal());
await call('paprika missing', () => paprika.getCoin('no-such-coin'));

console.log(JSON.stringify({ results, mismatches: mismatches(results) }));
