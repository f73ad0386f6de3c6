--------------------------------- MODULE CSV --------------------------------
\* Operators that would read or write files are errors when they are evaluated.
LOCAL INSTANCE TLC
LOCAL INSTANCE Integers

CSVWrite(template, val, file) == TRUE
CSVWriteRecord(record, delim, headers, file) == TRUE
CSVRead(columns, delimiter, file) == TRUE
CSVRecords(file) == CHOOSE number : number \in Nat
=============================================================================
