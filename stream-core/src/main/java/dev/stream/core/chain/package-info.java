/**
 * How artefacts lead from state to state.
 *
 * <p>Which artefacts make up a wanted state, and which states can be reached from what is listed?
 * Pure functions of a listing, used by restore, verification, retention, following and
 * reconciliation alike: whoever follows segments from state to state asks {@link
 * dev.stream.core.chain.CheapestPaths}. Nothing here reads an artefact. Begin reading at {@link
 * dev.stream.core.chain.StateGraph}.
 */
@NullMarked
package dev.stream.core.chain;

import org.jspecify.annotations.NullMarked;
