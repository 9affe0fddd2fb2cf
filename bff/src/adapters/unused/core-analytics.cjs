// Stands in for `@upstash/core-analytics` in the worker: limits are counted, and nobody is told of them.
exports.Analytics = undefined;
