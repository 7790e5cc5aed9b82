-- Others who look at it now; who left without a word is gone after half a minute.
select p.user_id from contact_presence p
where p.org_id = $1 and p.contact_id = $2 and p.user_id <> $3 and p.seen_at > now() - interval '30 seconds' order by p.seen_at limit 20;
