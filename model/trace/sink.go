package trace

// Sink takes the records of a run in the order of time. It must not keep the pointer.
type Sink interface {
	Record(r *Record)
}

// Batch is a Sink that takes records faster by the many.
type Batch interface {
	Sink
	RecordAll(rs []Record)
}

// Sinks hands each record to all of its members; nil members are left out.
type Sinks []Sink

// Record implements Sink.
func (s Sinks) Record(r *Record) {
	for _, k := range s {
		if k != nil {
			k.Record(r)
		}
	}
}

// RecordAll implements Batch.
func (s Sinks) RecordAll(rs []Record) {
	for _, k := range s {
		if b, ok := k.(Batch); ok {
			b.RecordAll(rs)
			continue
		}
		for i := range rs {
			if k != nil {
				k.Record(&rs[i])
			}
		}
	}
}

// Fingerprint is a Sink that folds every record into one number: runs with equal fingerprints
// told the same story. It is FNV-1a over the record's 64-bit words.
type Fingerprint struct {
	sum uint64
	n   uint64
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// Record implements Sink.
func (f *Fingerprint) Record(r *Record) {
	h := f.sum
	if f.n == 0 {
		h = fnvOffset
	}
	f.n++
	h = (h ^ uint64(r.At)) * fnvPrime
	h = (h ^ (uint64(r.Kind)<<48 | uint64(r.Flags)<<32 | uint64(r.Actor))) * fnvPrime
	h = (h ^ (uint64(r.Conn)<<32 | uint64(r.Req))) * fnvPrime
	h = (h ^ (uint64(r.Pkt)<<32 | uint64(r.Len))) * fnvPrime
	h = (h ^ uint64(r.A)) * fnvPrime
	f.sum = (h ^ uint64(r.B)) * fnvPrime
}

// RecordAll implements Batch.
func (f *Fingerprint) RecordAll(rs []Record) {
	for i := range rs {
		f.Record(&rs[i])
	}
}

// Sum is the fingerprint of the records so far.
func (f *Fingerprint) Sum() uint64 { return f.sum }
