-- Put before every session script by session-script.ts. Only Redis' own clock counts, and only durations leave a script.

-- Milliseconds since 1970 by Redis' clock.
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- A whole number as text; tostring would write a big one with an exponent.
local function whole(number)
  return string.format('%.0f', number)
end

-- The epoch: its name, and for how many milliseconds it has lasted. A new one begins when Redis was emptied or is another
-- process than the one that wrote it: then records may be missing that were there before.
local function epoch(key, now)
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  local known = redis.call('HMGET', key, 'run', 'since')
  if known[1] == run and known[2] then
    return run .. ':' .. known[2], now - tonumber(known[2])
  end
  redis.call('HSET', key, 'run', run, 'since', whole(now))
  return run .. ':' .. whole(now), 0
end

-- Records that nobody looked at for a week end: their run was terminated, or Redis was away when it ended. Lost while their
-- session lives, they are written again.
local function keep(key)
  redis.call('PEXPIRE', key, 604800000)
end

-- State, incarnation (a number), last activity and begin of draining of a session's record, and the last activity that was
-- believed in then; nil when there is none.
local function record(key)
  local found = redis.call('HMGET', key, 'state', 'incarnation', 'activity', 'drained', 'believed')
  if not found[2] then return nil end
  return {
    state = found[1],
    incarnation = tonumber(found[2]),
    activity = tonumber(found[3]) or 0,
    drained = tonumber(found[4]) or 0,
    believed = tonumber(found[5]),
  }
end

-- A tenant has one slot less; one that has none is forgotten.
local function free(key, tenant)
  if redis.call('HINCRBY', key, tenant, -1) <= 0 then redis.call('HDEL', key, tenant) end
end

-- Whether a gateway that is not dead has not beaten since.
local function unheard(key, since, now, dead)
  local beats = redis.call('HVALS', key)
  for index = 1, #beats do
    local beat = tonumber(beats[index])
    if beat <= since and now - beat <= dead then return true end
  end
  return false
end
