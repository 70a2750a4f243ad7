-- Nothing to undo: 0234 replaces the constraints.
select 1;
