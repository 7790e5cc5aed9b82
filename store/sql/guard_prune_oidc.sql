select guard_prune_oidc();
