exports.spawn = (...given) => process.getBuiltinModule('node:child_process').spawn(...given);
