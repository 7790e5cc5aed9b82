select r.id, r.number, r.state, r.origin, r.policy, r.lesson, r.simulation, r.author_id, r.activated_by, r.version, r.created_at,
  r.simulated_at, r.activated_at
from matching_rules r where r.org_id = $1 and r.state = 'active';
