-- A request came while an idle session was draining: it is ready again, and active now.
--
-- KEYS[1]  record of the session
-- ARGV[1]  incarnation
--
-- Output   1 ready again; 0 too late: sealed, missing, or another pod's

local found = record(KEYS[1])
if not found or found.incarnation ~= tonumber(ARGV[1]) or found.state == 'gone' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'ready', 'activity', whole(clock()))
return 1
