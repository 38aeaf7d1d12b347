-- Is a session idle? What is not known for sure keeps it; when it is idle it is set draining in the same moment, so that no
-- lease can be granted in between. The rule, in the same order, is decideIdle in domain/sessions/idle/idle-decision.ts.
--
-- KEYS[1]  record of the session
-- KEYS[2]  its leases
-- KEYS[3]  gateways
-- KEYS[4]  epoch
-- ARGV[1]  incarnation of the pod that may be idle
-- ARGV[2]  its uid, and
-- ARGV[3]  its tenant, for writing a record that is missing
-- ARGV[4]  idle time-out in milliseconds
-- ARGV[5]  milliseconds for which an epoch is young
-- ARGV[6]  milliseconds after which a gateway is silent
-- ARGV[7]  milliseconds after which it counts as dead
--
-- Output   { why it is kept, or drain; milliseconds until it is worth asking again; milliseconds since the last activity }

local now, incarnation, timeout = clock(), tonumber(ARGV[1]), tonumber(ARGV[4])
local found = record(KEYS[1])
if found and found.incarnation > incarnation then
  return { 'superseded', timeout, now - found.activity }
end

-- Sealed already, and the answer was lost, or this question is late: what was sealed never takes requests again.
if found and found.incarnation == incarnation and found.state == 'gone' then
  return { 'drain', 0, found.activity > 0 and now - found.activity or 0 }
end

local known = found and found.incarnation == incarnation
local activity = known and found.activity or now
local live = false
local leases = known and redis.call('HGETALL', KEYS[2]) or {}
for index = 1, #leases, 2 do
  local ends = tonumber(leases[index + 1])
  activity = math.max(activity, math.min(ends, now))
  if ends > now then live = true else redis.call('HDEL', KEYS[2], leases[index]) end
end
if not known then redis.call('DEL', KEYS[1], KEYS[2]) end
redis.call('HSET', KEYS[1], 'state', 'ready', 'incarnation', whole(incarnation), 'uid', ARGV[2], 'tenant', ARGV[3],
  'activity', whole(activity))
keep(KEYS[1])

local _, age = epoch(KEYS[4], now)
local young = tonumber(ARGV[5])
if age < young then return { 'redis-restarted', young - age, now - activity } end
if not known then return { 'record-was-missing', timeout, 0 } end
if live then return { 'request-in-flight', timeout, now - activity } end

local silent, dead, newest = tonumber(ARGV[6]), tonumber(ARGV[7]), nil
local gateways = redis.call('HVALS', KEYS[3])
for index = 1, #gateways do
  local beat = tonumber(gateways[index])
  local silence = now - beat
  if silence > silent and silence <= dead and (not newest or beat > newest) then newest = beat end
end
if newest then return { 'gateway-silent', newest + dead - now, now - activity } end

local remaining = activity + timeout - now
if remaining > 0 then return { 'recent-activity', remaining, now - activity } end
redis.call('HSET', KEYS[1], 'state', 'draining', 'drained', whole(now), 'believed', whole(activity))
return { 'drain', 0, now - activity }
