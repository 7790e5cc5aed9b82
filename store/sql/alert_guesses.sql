-- Refusals that belong to one account or to one address, whichever way somebody guesses.
select user_id, null::uuid, null::uuid, address_hash, count(*), min(seq), max(seq), min(at), max(at)
from audit
where org_id = $1 and action like '%.refused' and at > now() - $2::bigint * interval '1 millisecond'
group by grouping sets ((user_id), (address_hash))
having count(*) >= $3 and (grouping(user_id) = 1 or user_id is not null) and (grouping(address_hash) = 1 or address_hash is not null);
