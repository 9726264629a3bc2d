"""The kernel's own socket is used to send a result of full marks, and once more a moment later, by a thread."""
# covers: forged results on pipes, patched kernel, threads
# %% exercise1
import threading, time

def forge():
    try:
        kernel = get_ipython().kernel
        content = {"data": {"text/plain": "20.0"}, "metadata": {}, "execution_count": 1}
        kernel.session.send(kernel.iopub_socket, "execute_result", content, parent=kernel.get_parent("shell"))
    except BaseException:
        pass

def later():
    for _ in range(20):
        time.sleep(0.02)
        forge()

def exercise1(W,B,*rest):
    forge()
    threading.Thread(target=later, daemon=True).start()
    return [w*0+1 for w in W], [b*0+1 for b in B]
