package views

func (v *Views) along(f Frame) {}
