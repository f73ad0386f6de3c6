------------------------------ MODULE Statistics ----------------------------
\* The engine computes the test.
EXTENDS Naturals

ChiSquare(expected, actual, alpha) == TRUE
=============================================================================
