-- Writes one chunk of a scope's known pods, unless a newer holder of the watch has written already.
-- A holder is (interval, attempt); both only grow, the interval first. Running it again with the same input changes nothing.
--
-- KEYS[1]  hash of known pods: uid -> JSON
-- KEYS[2]  fence: "<interval>:<attempt>" of the newest holder that has written
-- ARGV[1]  interval of the writer
-- ARGV[2]  attempt of the writer
-- ARGV[3]  n, the number of entries to set
-- ARGV[4 .. 3+2n]  uid, JSON of each entry
-- ARGV[4+2n .. ]   uids to delete
--
-- Output   1 written; 2 written, and there was no fence before (Redis was emptied, or this is the first writer ever);
--          0 refused: the writer is not the holder any more

local interval, attempt, count = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local fence = redis.call('GET', KEYS[2])
if fence then
  local fenceInterval, fenceAttempt = string.match(fence, '^(%d+):(%d+)$')
  fenceInterval, fenceAttempt = tonumber(fenceInterval), tonumber(fenceAttempt)
  if fenceInterval and (interval < fenceInterval or (interval == fenceInterval and attempt < fenceAttempt)) then
    return 0
  end
end

redis.call('SET', KEYS[2], ARGV[1] .. ':' .. ARGV[2])
local lastSet = 3 + 2 * count
if count > 0 then
  redis.call('HSET', KEYS[1], unpack(ARGV, 4, lastSet))
end
if #ARGV > lastSet then
  redis.call('HDEL', KEYS[1], unpack(ARGV, lastSet + 1))
end
return fence and 1 or 2
