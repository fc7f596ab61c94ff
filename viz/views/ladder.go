package views

func (v *Views) ladder(f Frame) {}
