// What src/system/http.ts takes of undici, from the files where undici keeps it: its index loads fetch, WebSocket, caches and
// mocks as well, 200 kB more to read and 5 MiB more of memory for every command that calls OpenRouter.
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
Object.assign(Dispatcher.prototype, require('undici/lib/api/index.js')); // as the index does: the proxy agent calls these methods
exports.Agent = require('undici/lib/dispatcher/agent.js');
exports.buildConnector = require('undici/lib/core/connect.js');
exports.EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent.js');
exports.Pool = require('undici/lib/dispatcher/pool.js');
