package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// shot URL OUT WIDTH HEIGHT WAITms [js]
func main() {
	w, _ := strconv.Atoi(os.Args[3])
	h, _ := strconv.Atoi(os.Args[4])
	wait, _ := strconv.Atoi(os.Args[5])
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("use-gl", "angle"), chromedp.Flag("use-angle", "swiftshader"),
		chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("ignore-gpu-blocklist", true), chromedp.Flag("disable-gpu", false), chromedp.Flag("disable-quic", true), chromedp.WindowSize(w, h))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 100*time.Second)
	defer cancel()
	chromedp.ListenTarget(ctx, func(ev any) {
		switch e := ev.(type) {
		case *runtime.EventConsoleAPICalled:
			for _, a := range e.Args {
				fmt.Println("console:", e.Type, string(a.Value), a.Description)
			}
		case *runtime.EventExceptionThrown:
			fmt.Println("exception:", e.ExceptionDetails.Error())
		}
	})
	var png []byte
	acts := []chromedp.Action{chromedp.EmulateViewport(int64(w), int64(h)), chromedp.Navigate(os.Args[1]), chromedp.Sleep(time.Duration(wait) * time.Millisecond)}
	if len(os.Args) > 6 {
		acts = append(acts, chromedp.Evaluate(os.Args[6], nil), chromedp.Sleep(1500*time.Millisecond))
	}
	acts = append(acts, chromedp.FullScreenshot(&png, 100))
	if err := chromedp.Run(ctx, acts...); err != nil {
		fmt.Println(err)
	}
	os.WriteFile(os.Args[2], png, 0o644)
}
