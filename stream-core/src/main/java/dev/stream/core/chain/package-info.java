/**
 * How artefacts lead from state to state.
 *
 * <p>Which artefacts make up a wanted state, and which states can be reached from what is listed?
 * Pure functions of a listing, used by restore, verification, retention and reconciliation alike;
 * nothing here reads an artefact. Begin reading at {@link dev.stream.core.chain.StateGraph}.
 */
@NullMarked
package dev.stream.core.chain;

import org.jspecify.annotations.NullMarked;
