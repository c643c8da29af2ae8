-- One GraphQL request again and again: wrk ... -s bench/post.lua URL -- BODY_FILE [own]
-- With `own` every request has a token of its own, so that no two are identical.
local own, count, same = false, 0, nil

function init(arguments)
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
  local file = io.open(arguments[1], "rb")
  wrk.body = file:read("*a")
  file:close()
  own = arguments[2] == "own"
end

function request()
  if own then
    count = count + 1
    wrk.headers["authorization"] = "Bearer " .. count
    return wrk.format()
  end
  same = same or wrk.format()
  return same
end

function done(summary, latency, requests)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format('RESULT {"requests": %d, "seconds": %f, "p99": %f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3, failed))
end
