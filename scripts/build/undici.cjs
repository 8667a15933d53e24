// What src/system/http.ts uses of undici, straight from undici's own files: its index loads fetch, WebSocket, caches and
// mocks as well, 200 kB more to read and 5 MiB more memory for every command that calls OpenRouter.
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
Object.assign(Dispatcher.prototype, require('undici/lib/api/index.js')); // as the index does, since the proxy agent calls these methods
exports.Agent = require('undici/lib/dispatcher/agent.js');
exports.buildConnector = require('undici/lib/core/connect.js');
exports.EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent.js');
exports.Pool = require('undici/lib/dispatcher/pool.js');
