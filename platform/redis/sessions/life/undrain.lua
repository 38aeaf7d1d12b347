-- An idle session that drains is ready again: a request came, or something speaks against its end.
--
-- KEYS[1]  record of the session
-- ARGV[1]  incarnation
-- ARGV[2]  1 when a request came: it is active now; else 0, and the next look whether it is idle decides
--
-- Output   1 ready again; 0 too late: sealed, missing, or another pod's

local found = record(KEYS[1])
if not found or found.incarnation ~= tonumber(ARGV[1]) or found.state == 'gone' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'ready')
if ARGV[2] == '1' then redis.call('HSET', KEYS[1], 'activity', whole(clock())) end
return 1
