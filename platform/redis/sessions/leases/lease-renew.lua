-- Extends leases with requests in flight, many sessions at once; also while a session drains, which waits for them.
--
-- KEYS[2i-1], KEYS[2i]  record and leases of session i
-- ARGV[1]      gateway
-- ARGV[2]      milliseconds the leases last
-- ARGV[2+i]    incarnation the lease is for
--
-- Output   for each session: ok; draining: extended, and no new request may use it; gone; missing

local ends = whole(clock() + tonumber(ARGV[2]))
local answers = {}
for index = 1, #KEYS / 2 do
  local found = record(KEYS[2 * index - 1])
  local incarnation = tonumber(ARGV[2 + index])
  if not found or found.incarnation < incarnation then
    answers[index] = 'missing'
  elseif found.incarnation > incarnation or found.state == 'gone' then
    answers[index] = 'gone'
  else
    redis.call('HSET', KEYS[2 * index], ARGV[1], ends)
    keep(KEYS[2 * index])
    answers[index] = found.state == 'ready' and 'ok' or 'draining'
  end
end
return answers
