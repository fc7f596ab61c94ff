package lab_test
import ("testing";"os";"fmt";"context";"keepalive/lab";"keepalive/scenarios";"keepalive/model/trace")
func TestWT(t *testing.T){
 data,_:=os.ReadFile("/tmp/case.yaml")
 f,err:=scenarios.Parse("x",data); if err!=nil {t.Fatal(err)}
 _,logs,_:=lab.RunAll(context.Background(),f,lab.Options{Log:true})
 for _,r:=range logs[0].Records { if r.Kind==trace.Segment && r.Actor<trace.Server(0) { fmt.Printf("%.3f %d %d\n",float64(r.At)/1e6,uint32(r.A),int(r.SegmentWindow())*128)}}
}
