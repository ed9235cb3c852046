package dev.stream.core.restore;

/** What the planner says: how to do it, or why it cannot be done. */
public sealed interface RestoreDecision permits RestorePlan, RestorePlanProblem {}
