package sim

import "math/bits"

// Rand is a stream of random numbers: splitmix64, one per name, so that variants of a scenario see the same luck.
type Rand struct{ state uint64 }

// Stream is the random stream of that name under seed.
func Stream(seed uint64, name string) Rand {
	h := uint64(14695981039346656037)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	r := Rand{state: seed ^ h}
	r.Uint64()
	return r
}

// Replay is the plain splitmix64 sequence of seed, as other programs draw it.
func Replay(seed uint64) Rand { return Rand{state: seed} }

// Uint64 is uniform over 64 bits.
func (r *Rand) Uint64() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Below is uniform over 0 … n-1; n must be positive.
func (r *Rand) Below(n int64) int64 {
	if n <= 0 {
		panic("sim: Below needs a positive bound")
	}
	hi, _ := bits.Mul64(r.Uint64(), uint64(n))
	return int64(hi)
}

// Chance is true with a probability of ppb parts per thousand million.
func (r *Rand) Chance(ppb int64) bool { return r.Below(1_000_000_000) < ppb }

// Exp is exponentially distributed with that mean, at most 44 times the mean: -ln(u) by the table of a fixed-point logarithm.
func (r *Rand) Exp(mean Time) Time {
	u := r.Uint64() | 1
	shift := bits.LeadingZeros64(u)
	m := u << shift // in [2^63, 2^64): u = m/2^64 · 2^-shift
	// -ln(u/2^64) = shift·ln2 - ln(m/2^64), in units of 2^-32.
	v := uint64(shift)*ln2 + negLn(m)
	hi, lo := bits.Mul64(v, uint64(mean))
	return Time(hi<<32 | lo>>32)
}

// ln2 is ln 2 in units of 2^-32.
const ln2 = 2977044472

// negLn is -ln(m/2^64) in units of 2^-32 for m in [2^63, 2^64), linear between the table's 257 points.
func negLn(m uint64) uint64 {
	i := m << 1 >> 56
	frac := m << 9 >> 32 // the 32 bits after the index
	a, b := lnTable[i], lnTable[i+1]
	return a - (a-b)*frac>>32
}
