package sim

// Limits end a run that would not end by itself. Zero means the default of each.
type Limits struct {
	Time    Time   // virtual time; default 24 h
	Events  uint64 // events handled; default 2 000 000 000
	Pending int    // events waiting; default 16 777 216
}
