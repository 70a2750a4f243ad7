drop index if exists tracker_installation_idx;
