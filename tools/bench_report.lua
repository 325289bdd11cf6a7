-- Partners take turns: each request carries the next of TOKENS, where there are any.
local tokens, turn = {}, 0
for token in (os.getenv("TOKENS") or ""):gmatch("%S+") do tokens[#tokens + 1] = token end
if #tokens > 0 then
  request = function()
    turn = turn % #tokens + 1
    return wrk.format(nil, nil, { ["Authorization"] = "Bearer " .. tokens[turn] })
  end
end

-- wrk prints no 95th percentile: print what the table needs as one line. Answers of 400 and above
-- are counted here; a redirect shows in the bytes (tools.bench_load), which costs nothing to look at.
done = function(summary, latency)
  local errors = summary.errors
  local bad = errors.status + errors.connect + errors.read + errors.timeout
  io.write(string.format("RESULT %d %d %f %f %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), bad, summary.bytes))
end
