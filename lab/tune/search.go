package tune

import (
	"cmp"
	"context"
	"slices"
)

// search is a grid that is refined by halving.
type search struct {
	*runs
	space  *Space
	goal   *Goal
	aim    Aim
	axes   [2]*Metric
	points []*Point
	seen   map[string]bool
	stride []int
	gone   error // why it ended early
}

func newSearch(s *Space, o *Options, r *runs) *search {
	return &search{runs: r, space: s, goal: &o.Goal, aim: o.Aim, axes: axes(&o.Goal, o.Aim), seen: map[string]bool{}}
}

// run evaluates the file's own settings and a first sample, and then looks around what is best in steps that are halved.
func (s *search) run(ctx context.Context) {
	s.evaluate(ctx, []*Point{{Values: s.space.File, at: s.place(s.space.File)}})
	s.evaluate(ctx, s.first())
	n := len(s.space.Free)
	backwards := min(n*(n+1)/2, s.left/4)
	s.left -= backwards
	defer func() { // after the search, whatever ended it
		s.left += backwards
		s.restore(ctx)
	}()
	for s.left > 0 && ctx.Err() == nil {
		last := !s.halve()
		fresh := s.around(s.survivors())
		if len(fresh) == 0 && last {
			return
		}
		s.evaluate(ctx, fresh)
	}
}

// restore gives the best point the file's settings back, one at a time, where that costs nothing: what need not change is not
// changed.
func (s *search) restore(ctx context.Context) {
	for range s.space.Free {
		if len(s.points) == 0 || ctx.Err() != nil {
			return
		}
		best := s.ranked()[0]
		var places [][]int
		for d, v := range s.space.File {
			if k := slices.Index(s.space.Free[d].Values, v); best.at != nil && k >= 0 && k != best.at[d] {
				at := slices.Clone(best.at)
				at[d] = k
				places = append(places, at)
			}
		}
		s.evaluate(ctx, s.fresh(places))
		if s.ranked()[0] == best {
			return
		}
	}
}

// place finds values on the grid.
func (s *search) place(values []string) []int {
	at := make([]int, len(values))
	for d, v := range values {
		if at[d] = slices.Index(s.space.Free[d].Values, v); at[d] < 0 {
			return nil
		}
	}
	return at
}

// first is the sample to begin with: every point if there are few, a coarse grid of one or two dimensions, a lattice of more.
func (s *search) first() []*Point {
	every := 1
	for _, o := range s.space.Free {
		every = min(every*len(o.Values), 1<<30)
	}
	switch {
	case every <= s.left:
		s.coarse(every)
		return s.grid()
	case len(s.space.Free) <= 2:
		s.coarse(s.left / 2)
		return s.grid()
	}
	s.stride = make([]int, len(s.space.Free))
	for d, o := range s.space.Free {
		for s.stride[d] = 1; s.stride[d] <= len(o.Values)/8; s.stride[d] *= 2 {
		}
	}
	return s.fresh(s.lattice(s.left * 2 / 5))
}

// lattice spreads n points evenly: Halton's sequence (1960), whose coordinates are the digits of k to a prime base, mirrored at the
// point. Unlike a grid's its points differ in every setting, so that a setting of no importance wastes none of them (Bergstra and
// Bengio 2012).
func (s *search) lattice(n int) (all [][]int) {
	for k := range n {
		at := make([]int, len(s.space.Free))
		for d, o := range s.space.Free {
			base, part, share := [MostFree]int{2, 3, 5, 7}[d], 0.0, 1.0
			for q := k + 1; q > 0; q /= base {
				share /= float64(base)
				part += share * float64(q%base)
			}
			at[d] = int(part * float64(len(o.Values)))
		}
		all = append(all, at)
	}
	return all
}

// coarse chooses the first steps: the finest, powers of two, of which at most so many points come.
func (s *search) coarse(most int) {
	s.stride = make([]int, len(s.space.Free))
	for d, o := range s.space.Free {
		for s.stride[d] = 1; s.stride[d] < len(o.Values)-1; s.stride[d] *= 2 {
		}
	}
	for {
		widest, least := -1, 0
		for d := range s.stride {
			if n := s.along(d); s.stride[d] > 1 && (widest < 0 || n < least) {
				widest, least = d, n
			}
		}
		if widest < 0 {
			return
		}
		s.stride[widest] /= 2
		product := 1
		for d := range s.stride {
			product *= s.along(d)
		}
		if product > most {
			s.stride[widest] *= 2
			return
		}
	}
}

// along is how many points the grid has in a dimension.
func (s *search) along(d int) int {
	n := len(s.space.Free[d].Values)
	return (n+s.stride[d]-2)/s.stride[d] + 1
}

// grid is every point of the steps, the ends among them.
func (s *search) grid() []*Point {
	all := [][]int{{}}
	for d, o := range s.space.Free {
		var longer [][]int
		for _, at := range all {
			for k := range s.along(d) {
				longer = append(longer, append(slices.Clone(at), min(k*s.stride[d], len(o.Values)-1)))
			}
		}
		all = longer
	}
	return s.fresh(all)
}

// fresh are the points at places that were not evaluated yet.
func (s *search) fresh(places [][]int) (out []*Point) {
	noted := map[string]bool{}
	for _, at := range places {
		p := &Point{at: at}
		for d, k := range at {
			p.Values = append(p.Values, s.space.Free[d].Values[k])
		}
		if k := key(p.Values); !s.seen[k] && !noted[k] {
			noted[k] = true
			out = append(out, p)
		}
	}
	return out
}

// evaluate runs points and keeps those that came to an end.
func (s *search) evaluate(ctx context.Context, points []*Point) {
	jobs := make([]job, len(points))
	for i, p := range points {
		jobs[i] = job{values: p.Values, seed: s.space.Seed}
	}
	for i, o := range s.all(ctx, jobs) {
		if o == nil {
			s.gone = ctx.Err()
			continue
		}
		p := points[i]
		p.Result, p.Broken = o.result, o.broken
		p.Met = p.Broken == "" && s.goal.Met(&p.Result)
		s.seen[key(p.Values)] = true
		s.points = append(s.points, p)
	}
}

// halve makes the steps finer and tells whether that was possible.
func (s *search) halve() (finer bool) {
	for d, n := range s.stride {
		if n > 1 {
			s.stride[d] = n / 2
			finer = true
		}
	}
	return finer
}

// survivors are the points around which to look closer: half of them the best, half along the front.
func (s *search) survivors() []*Point {
	rounds := 1
	for _, n := range s.stride {
		for k := n; k > 1; k /= 2 {
			rounds++
		}
	}
	n := min(max(s.left/(rounds*2*len(s.stride)), 2), 12)
	var out []*Point
	add := func(p *Point, most int) {
		alike := func(o *Point) bool { return o.Result.Fingerprint == p.Result.Fingerprint } // what differs makes no difference
		if len(out) < most && p.at != nil && p.Broken == "" && !slices.ContainsFunc(out, alike) {
			out = append(out, p)
		}
	}
	for _, p := range s.ranked() {
		add(p, (n+1)/2)
	}
	front := s.front()
	for k := range min(n/2, len(front)) {
		add(front[k*(len(front)-1)/max(n/2-1, 1)], n)
	}
	return out
}

// around are the points one step from others; with two dimensions, across too.
func (s *search) around(centres []*Point) []*Point {
	var places [][]int
	for _, c := range centres {
		for _, step := range steps(len(s.stride)) {
			at := slices.Clone(c.at)
			for d, k := range step {
				at[d] = min(max(at[d]+k*s.stride[d], 0), len(s.space.Free[d].Values)-1)
			}
			places = append(places, at)
		}
	}
	return s.fresh(places)
}

// steps are the directions to look in.
func steps(dimensions int) (all [][]int) {
	if dimensions == 2 {
		return [][]int{{-1, 0}, {1, 0}, {0, -1}, {0, 1}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1}}
	}
	for d := range dimensions {
		for _, k := range []int{-1, 1} {
			step := make([]int, dimensions)
			step[d] = k
			all = append(all, step)
		}
	}
	return all
}

// ranked is every point, the best first: of those that keep the goal the one that the aim likes best, then those that miss it
// by least. Of equals the one that changes least in the file is first.
func (s *search) ranked() []*Point {
	all := slices.Clone(s.points)
	slices.SortStableFunc(all, func(a, b *Point) int {
		if c := cmp.Compare(rung(a), rung(b)); c != 0 {
			return c
		}
		c := 0
		switch rung(a) {
		case 0:
			c = cmp.Compare(s.worth(b), s.worth(a))
		case 1:
			c = cmp.Compare(s.goal.Missed(&a.Result), s.goal.Missed(&b.Result))
		}
		return cmp.Or(c, cmp.Compare(s.changes(a), s.changes(b)))
	})
	if len(all) > 0 && all[0].Met {
		s.prefer(all)
	}
	return all
}

// rung is 0 for points that keep the goal, 1 for others, 2 for runs that say nothing.
func rung(p *Point) int {
	switch {
	case p.Broken != "":
		return 2
	case p.Met:
		return 0
	}
	return 1
}

// indifference is how much better a setting must be to be worth a change in the file.
const indifference = 0.01

// prefer puts to the front what is as good as the best and changes fewer settings in the file.
func (s *search) prefer(ranked []*Point) {
	if s.aim.Path != "" {
		return
	}
	best, by := s.worth(ranked[0]), indifference
	if s.aim.Metric != nil {
		by *= max(best, -best)
	}
	first := 0
	for i, p := range ranked {
		if rung(p) == 0 && s.worth(p) >= best-by && s.changes(p) < s.changes(ranked[first]) {
			first = i
		}
	}
	p := ranked[first]
	copy(ranked[1:first+1], ranked[:first])
	ranked[0] = p
}

// worth is what the aim thinks of a point; more is better.
func (s *search) worth(p *Point) float64 {
	sign := -1.0
	if s.aim.More {
		sign = 1
	}
	switch {
	case s.aim.Metric != nil:
		return sign * s.aim.Metric.Of(&p.Result)
	case s.aim.Path != "":
		for d, o := range s.space.Free {
			if o.Path == s.aim.Path {
				return sign * s.size(d, p)
			}
		}
	}
	return s.goal.Spare(&p.Result)
}

// size is a value of a free setting by its place: values stand in their order, and a 0 that means no limit at the end.
func (s *search) size(d int, p *Point) float64 {
	return float64(slices.Index(s.space.Free[d].Values, p.Values[d]))
}

// changes is how many settings are not the file's.
func (s *search) changes(p *Point) (n int) {
	for d, v := range p.Values {
		if v != s.space.File[d] {
			n++
		}
	}
	return n
}

// axes are the metrics of the trade-off, across and up: the goal's first two, or the goal's and the aim's.
func axes(g *Goal, aim Aim) [2]*Metric {
	var named []*Metric
	add := func(m *Metric) {
		if m != nil && !slices.ContainsFunc(named, func(o *Metric) bool { return o.Name == m.Name }) {
			named = append(named, m)
		}
	}
	for i := range g.Clauses {
		if !g.Clauses[i].Implied {
			add(&g.Clauses[i].Metric)
		}
	}
	if len(named) < 2 {
		add(aim.Metric)
	}
	for _, name := range []string{"peak_memory", "p95"} {
		m, err := find(name)
		if err != nil {
			panic("tune: " + err.Error())
		}
		add(m)
	}
	return [2]*Metric{named[1], named[0]}
}

// front is what no other point beats on both axes, from left to right where less is better across.
func (s *search) front() (out []*Point) { return front(s.points, s.axes) }

func front(points []*Point, axes [2]*Metric) (out []*Point) {
	value := func(p *Point, k int) float64 {
		v := axes[k].Of(&p.Result)
		if axes[k].More {
			return -v
		}
		return v
	}
	all := slices.DeleteFunc(slices.Clone(points), func(p *Point) bool { return p.Broken != "" })
	slices.SortStableFunc(all, func(a, b *Point) int {
		return cmp.Or(cmp.Compare(value(a, 0), value(b, 0)), cmp.Compare(value(a, 1), value(b, 1)))
	})
	for _, p := range all {
		if len(out) == 0 || value(p, 1) < value(out[len(out)-1], 1) {
			out = append(out, p)
		}
	}
	return out
}
