select guard_prune_companies();
