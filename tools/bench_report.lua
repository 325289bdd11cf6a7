-- wrk prints no 95th percentile: print what the table needs as one line. Answers of 400 and above
-- are counted here; a redirect shows in the bytes (tools.bench_load), which costs nothing to look at.
done = function(summary, latency)
  local errors = summary.errors
  local bad = errors.status + errors.connect + errors.read + errors.timeout
  io.write(string.format("RESULT %d %d %f %f %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), bad, summary.bytes))
end
