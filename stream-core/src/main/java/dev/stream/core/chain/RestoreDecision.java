package dev.stream.core.chain;

/** What the planner says: how to do it, or why it cannot be done. */
public sealed interface RestoreDecision permits RestorePlan, RestorePlanProblem {}
