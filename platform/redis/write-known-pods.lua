-- Writes one chunk of a scope's known pods, unless a newer holder of the watch has written already.
-- A holder is (interval, attempt); both only grow, the interval first. Running it again with the same input changes nothing.
-- Two fields of the hash are no uids: #fence is "<interval>:<attempt>" of the newest holder that has written, #complete is
-- there once everything known was written. They share the hash so that they are lost together with it.
--
-- KEYS[1]  hash of known pods: uid -> JSON
-- ARGV[1]  interval of the writer
-- ARGV[2]  attempt of the writer
-- ARGV[3]  1 when the hash is complete with this chunk, else 0
-- ARGV[4]  n, the number of entries to set
-- ARGV[5 .. 4+2n]  uid, JSON of each entry
-- ARGV[5+2n .. ]   uids to delete
--
-- Output   1 written and complete; 2 written, but what is missing in the hash proves nothing (yet);
--          0 refused: the writer is not the holder any more

local interval, attempt, count = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])

local fence = redis.call('HGET', KEYS[1], '#fence')
if fence then
  local fenceInterval, fenceAttempt = string.match(fence, '^(%d+):(%d+)$')
  fenceInterval, fenceAttempt = tonumber(fenceInterval), tonumber(fenceAttempt)
  if fenceInterval and (interval < fenceInterval or (interval == fenceInterval and attempt < fenceAttempt)) then
    return 0
  end
end

redis.call('HSET', KEYS[1], '#fence', ARGV[1] .. ':' .. ARGV[2])
local lastSet = 4 + 2 * count
if count > 0 then
  redis.call('HSET', KEYS[1], unpack(ARGV, 5, lastSet))
end
if #ARGV > lastSet then
  redis.call('HDEL', KEYS[1], unpack(ARGV, lastSet + 1))
end
if ARGV[3] == '1' then
  redis.call('HSET', KEYS[1], '#complete', '1')
end
return redis.call('HEXISTS', KEYS[1], '#complete') == 1 and 1 or 2
