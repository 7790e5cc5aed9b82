select guard_prune_sign_in();
