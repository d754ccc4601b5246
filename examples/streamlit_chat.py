"""A Streamlit page. pip install faqbot streamlit; streamlit run examples/streamlit_chat.py"""

import os

import streamlit as st

from bot import Engine


@st.cache_resource
def load() -> Engine:
    return Engine.load(os.environ.get("FAQBOT_PACK"))


engine = load()
about = engine.pack.pack
st.title(about.title)
st.caption(about.notice)

talk = st.session_state.setdefault("talk", engine.conversation())
said = st.session_state.setdefault("said", [("assistant", about.greeting)])
asked = st.chat_input("Ask a question") or st.session_state.pop("picked", None)
if asked:
    reply = talk.ask(asked)
    sources = [f"*Source: {source.title}, {source.section}*" for source in reply.sources]
    said += [("user", asked), ("assistant", "\n\n".join((reply.markdown, *sources)))]
    st.session_state.next = [(option.title, option.question) for option in reply.options] or [(s, s) for s in reply.suggestions]

for who, text in said:
    with st.chat_message(who):
        st.markdown(text)
for title, question in st.session_state.get("next", [(starter, starter) for starter in about.starters]):
    st.button(title, key=f"{len(said)} {question}", on_click=st.session_state.__setitem__, args=("picked", question))
