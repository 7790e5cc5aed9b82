select guard_prune();
