-- Nothing to undo: 0285 replaces the constraints.
select 1;
