// Stands in for `pgpass` in the worker: it reads password files, and there are none; a password is in its connection's URL.
module.exports = (_connection, done) => done();
