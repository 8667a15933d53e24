#!/usr/bin/env node
// Written in the oldest JavaScript there is: a Node too old for orcc must still
// be able to read this file and say so in one sentence.
'use strict';

var manifest = require('../package.json');

/** Whether version `have` ("20.20.2") is at least `want`; both are compared number by number. */
function isAtLeast(have, want) {
  var a = have.split('.');
  var b = want.split('.');
  for (var i = 0; i < b.length; i++) {
    var difference = parseInt(a[i], 10) - parseInt(b[i], 10);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

var wanted = manifest.engines.node.replace(/^>=\s*/, '');
var first = process.argv[2];

if (!isAtLeast(process.versions.node, wanted)) {
  process.stderr.write('orcc needs Node ' + wanted + ' or newer, and this is Node ' + process.versions.node + '\n');
  process.exitCode = 2;
} else if (first === '--version' || first === '-V') {
  // Before anything is loaded: scripts ask for this often, and process.stdout alone costs milliseconds.
  try {
    require('fs').writeSync(1, manifest.version + '\n');
  } catch (error) {
    // A reader that has gone away (EPIPE) is no failure; a full pipe (EAGAIN) is left to the stream.
    if (error.code === 'EAGAIN') {
      process.stdout.write(manifest.version + '\n');
    } else if (error.code !== 'EPIPE') {
      process.stderr.write('orcc could not write its version: ' + error.code + '\n');
      process.exitCode = 1;
    }
  }
} else {
  start();
}

function start() {
  try {
    // All else is written in newer JavaScript, and none of it is read by a Node that is too old.
    require('../dist/main.js').main(process.argv.slice(2)).catch(fail);
  } catch (error) {
    fail(error);
  }

  function fail(error) {
    var unbuilt = !require('fs').existsSync(require('path').join(__dirname, '..', 'dist', 'main.js'));
    process.stderr.write(unbuilt ? 'orcc is not built yet: run `npm run build` in its folder\n' : error.stack + '\n');
    process.exitCode = 70;
  }
}
