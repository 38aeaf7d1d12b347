-- A session's run says which pod serves it from now on. Repeated for one pod it changes nothing, but that a pod which drained
-- takes requests again: its run was terminated meanwhile, and the next one has taken it over.
--
-- KEYS[1]  record of the session
-- KEYS[2]  its leases
-- ARGV[1]  incarnation
-- ARGV[2]  uid of the pod
-- ARGV[3]  tenant (a hash)
--
-- Output   1 in force; 0 refused: a newer pod serves the session, or this one is sealed

local incarnation = tonumber(ARGV[1])
local found = record(KEYS[1])
if found and (found.incarnation > incarnation or (found.incarnation == incarnation and found.state == 'gone')) then
  return 0
end
if found and found.incarnation == incarnation then
  if found.state == 'draining' then redis.call('HSET', KEYS[1], 'state', 'ready', 'activity', whole(clock())) end
  return 1
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'state', 'ready', 'incarnation', whole(incarnation), 'uid', ARGV[2], 'tenant', ARGV[3],
  'activity', whole(clock()))
keep(KEYS[1])
return 1
